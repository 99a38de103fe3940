/** A room that is not there, or not for this person any more. */
import { Notice } from "../parts/Notice";
import { t } from "../text/texts";

const WORDS = {
  gone: { scene: "mystery", title: "not-found-title", lead: "not-found-lead", testid: "not-found" },
  removed: { scene: "western", title: "removed-title", lead: "removed-lead", testid: "removed" },
};

export default function Lost(props: { how: "gone" | "removed"; home: () => void }) {
  const words = () => WORDS[props.how];
  return (
    <Notice scene={words().scene} title={t(words().title)} lead={t(words().lead)} testid={words().testid}>
      <button class="big" onClick={() => props.home()}>
        {t("back-home")}
      </button>
    </Notice>
  );
}
