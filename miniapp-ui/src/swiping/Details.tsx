/** All that is known of a title, over everything else. */
import type { JSX } from "solid-js";

import type { Title } from "../generated/wire";
import { Sheet } from "../parts/Sheet";
import { Poster } from "../parts/poster/Poster";
import { MarkButtons } from "../films/lazy";
import { Facts, Summary } from "./About";
import { Beyond } from "./Beyond";
import "./details.css";

/** `children`: what can be done about it where it is shown. */
export default function Details(props: { title: Title; children?: JSX.Element; close: () => void }) {
  return (
    <Sheet title={props.title.name} close={props.close} testid="details">
      <div class="details">
        <div class="details-top">
          <div class="details-poster">
            <Poster title={props.title} size="small" />
          </div>
          <Summary title={props.title} />
        </div>
        <Facts title={props.title} />
        <Beyond title={props.title} />
        <MarkButtons title={props.title} />
        {props.children}
      </div>
    </Sheet>
  );
}
