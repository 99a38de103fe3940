/** Beside the card, where the page is wider than high: what its details would say. */
import type { Title } from "../generated/wire";
import { Facts, Summary } from "./About";
import "./beside.css";

export default function Beside(props: { title: Title }) {
  return (
    <section class="beside" data-testid="beside" tabindex="0" aria-label={props.title.name}>
      <h2>{props.title.name}</h2>
      <Summary title={props.title} />
      <Facts title={props.title} />
    </section>
  );
}
