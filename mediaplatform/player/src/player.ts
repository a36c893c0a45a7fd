// What every page loads: the bar's look, and the rest as soon as the page stands.
import "./player.css";

void import("./main");
