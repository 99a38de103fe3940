/** Where the page itself is at fault: says so, and offers to load it again, instead of standing there half drawn. */
import { ErrorBoundary, type JSX } from "solid-js";

import { Notice } from "../parts/Notice";
import { t } from "../text/texts";

export function Guard(props: {
  children: JSX.Element;
  /** Loads the page again; what was done is kept. */
  reload: () => void;
}) {
  const broken = (error: unknown) => {
    console.error("Sovpalo: a screen could not be drawn", error);
    return (
      <Notice scene="comedy" title={t("broken-title")} lead={t("fault-lead")} testid="fault">
        <button class="big" onClick={() => props.reload()}>
          {t("retry")}
        </button>
      </Notice>
    );
  };
  return <ErrorBoundary fallback={broken}>{props.children}</ErrorBoundary>;
}
