// What every page loads.
import "./copy.js";
import "./filter.js";
import "./time.js";
import "./upload.js";
