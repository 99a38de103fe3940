/** The styles of the screens that the first card does not wait for. They come with whichever of them is loaded first. */
import "./lists.css";
import "./screens.css";
