/** The country in which I watch: where to watch something is said for it. */
import { For, createMemo } from "solid-js";

import { countryName } from "../text/names";
import { language, t } from "../text/texts";
import "./region.css";

/** Countries of whose offers something is known (ISO 3166 alpha-2). */
const COUNTRIES = (
  "AE AR AT AU BE BG BR BY CA CH CL CO CZ DE DK EE EG ES FI FR GB GR HK HR HU ID IE IL IN IS IT JP KR KZ LT " +
  "LU LV MD MX MY NL NO NZ PE PH PL PT RO RS RU SA SE SG SI SK TH TR TW UA US VE ZA"
).split(" ");

export function Region(props: { region: string | null; choose: (region: string | null) => void }) {
  const countries = createMemo(() => {
    // One that was chosen elsewhere is shown, too.
    const codes = new Set([...COUNTRIES, ...(props.region === null ? [] : [props.region])]);
    const named = [...codes].map((code) => ({ code, name: countryName(code) }));
    return named.sort((one, other) => one.name.localeCompare(other.name, language()));
  });
  return (
    <label class="row region">
      <span class="row-text">{t("region")}</span>
      <select
        data-testid="region"
        onChange={(event) => {
          props.choose(event.currentTarget.value || null);
        }}
      >
        <option value="" selected={props.region === null}>
          {t("region-none")}
        </option>
        <For each={countries()}>
          {({ code, name }) => (
            <option value={code} selected={props.region === code}>
              {name}
            </option>
          )}
        </For>
      </select>
    </label>
  );
}
