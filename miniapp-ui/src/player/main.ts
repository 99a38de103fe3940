/** Where the document with the players begins. Outside of the app it shows nothing. */
import { Host } from "./host";
import "./player.css";

const place = document.getElementById("film");
if (place !== null && window.parent !== window) new Host(place).begin();
