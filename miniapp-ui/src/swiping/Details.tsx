/** All that is known of a title, over everything else. */
import { type JSX, Show } from "solid-js";

import type { Title } from "../generated/wire";
import { Sheet } from "../parts/Sheet";
import { Poster } from "../parts/poster/Poster";
import { MarkButtons } from "../films/lazy";
import { t } from "../text/texts";
import { Facts, Summary } from "./About";
import { Beyond } from "./Beyond";
import "./details.css";

/** What somebody may do against a title. */
export interface Veto {
  /** How many they have left in this round. */
  left: number;
  /** How many are in the room. */
  people: number;
  give: () => void;
}

/** `children`: what can be done about it where it is shown. */
export default function Details(props: {
  title: Title;
  veto?: Veto;
  children?: JSX.Element;
  close: () => void;
}) {
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
        <Show when={props.veto}>
          {(veto) => (
            <div class="veto">
              <button
                class="big second"
                data-testid="veto"
                aria-describedby="veto-note"
                disabled={veto().left === 0}
                onClick={() => {
                  veto().give();
                }}
              >
                {t("veto")}
              </button>
              <p class="note" id="veto-note">
                {veto().left === 0 ? t("veto-none") : t("veto-note", { count: veto().people })}
              </p>
            </div>
          )}
        </Show>
        {props.children}
      </div>
    </Sheet>
  );
}
