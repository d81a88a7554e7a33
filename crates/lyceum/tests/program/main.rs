//! The program as people and scripts run it: exit codes, JSON, signals, restarts.

mod check;
mod course;
mod db;
mod doors;
mod history;
mod keys;
mod outage;
mod play;
mod run;
mod selftest;
mod serve;
mod simulate;
mod walks;
