/** Where an address is pasted: says at once what it is, or what is wrong with it. */
import { Show, createMemo, createSignal } from "solid-js";

import { nameOf, useCinema } from "./cinema";
import { CinemaIcon } from "./icons";
import type { Media } from "./types";
import "./address.css";

/** Nobody's address is longer; the server takes no more. */
const MAX_ADDRESS = 2_048;

export function AddressField(props: { take: (media: Media) => void; button: string; autofocus?: boolean }) {
  const cinema = useCinema();
  const { word } = cinema;
  const [address, setAddress] = createSignal("");
  const found = createMemo(() => {
    const pasted = address().trim();
    return pasted === "" ? null : cinema.recognise(pasted);
  });
  const media = () => {
    const one = found();
    return one !== null && "media" in one ? one.media : null;
  };
  const refused = () => {
    const one = found();
    return one !== null && "refused" in one ? one.refused : null;
  };
  return (
    <form
      class="address"
      novalidate
      onSubmit={(event) => {
        event.preventDefault();
        const taken = media();
        if (taken === null) return;
        props.take(taken);
        setAddress("");
      }}
    >
      <div class="field-row">
        <input
          class="field"
          type="url"
          inputmode="url"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxlength={MAX_ADDRESS}
          placeholder={word("cinema-address")}
          aria-label={word("cinema-address")}
          aria-invalid={refused() !== null}
          aria-describedby="address-found"
          data-testid="address"
          value={address()}
          autofocus={props.autofocus ?? false}
          onInput={(event) => setAddress(event.currentTarget.value)}
        />
        <button class="field-button" data-testid="address-take" disabled={media() === null}>
          {props.button}
        </button>
      </div>
      <p
        id="address-found"
        class="address-found"
        classList={{ bad: refused() !== null }}
        role="status"
        data-testid="address-found"
      >
        <Show
          when={media()}
          fallback={
            <Show when={refused()} fallback={word("cinema-address-kinds")}>
              {(why) => word(`cinema-refused-${why()}`)}
            </Show>
          }
        >
          {(one) => (
            <>
              <CinemaIcon name="screen" />
              {word(`cinema-kind-${one().kind}`)} · {nameOf(one())}
            </>
          )}
        </Show>
      </p>
    </form>
  );
}
