/** A link that leaves the app, opened as Telegram does it. */
import type { JSX } from "solid-js";

import { useApp } from "../app/context";
import { openLink } from "../telegram/openLink";

export function OutLink(props: {
  href: string;
  class: string;
  /** What it says to who does not see it, where that is not its text. */
  label?: string;
  testid?: string | undefined;
  children: JSX.Element;
}) {
  const app = useApp();
  return (
    <a
      class={props.class}
      href={props.href}
      target="_blank"
      rel="noopener noreferrer"
      aria-label={props.label}
      data-testid={props.testid}
      onClick={(event) => {
        event.preventDefault();
        openLink(app.tg, props.href);
      }}
    >
      {props.children}
    </a>
  );
}
