//! Selection and randomization behaviour (SR): which children of a cluster take part, and in which order.

mod prepare;
mod random;
mod randomize;
mod select;
