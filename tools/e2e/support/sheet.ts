/** A contact sheet: a page with many small pictures, each with its name below. */

/** A screen, and its pictures from the narrowest to the widest, as addresses that the page can load. */
export interface Picture {
  readonly screen: string;
  readonly files: readonly string[];
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${(sign.codePointAt(0) ?? 0).toString()};`);

/** The sheet as HTML. */
export function sheetOf(title: string, pictures: readonly Picture[]): string {
  const figures = pictures.map(({ screen, files }) => {
    const images = files.map((file) => `<img src="${escaped(file)}" alt="">`).join("");
    return `<figure><div>${images}</div><figcaption>${escaped(screen)}</figcaption></figure>`;
  });
  return `<!doctype html>
<meta charset="utf-8">
<title>${escaped(title)}</title>
<style>
  body { margin: 24px; background: #888; color: #000; font: 16px/1.3 system-ui, sans-serif; display: flex; flex-wrap: wrap; gap: 24px; }
  h1 { width: 100%; margin: 0; font-size: 24px; }
  figure { margin: 0; }
  div { display: flex; align-items: flex-start; gap: 8px; }
  img { height: 400px; display: block; }
  img:first-child:not(:last-child) { height: 275px; }
  img:only-child { height: 200px; }
  figcaption { margin-top: 6px; }
</style>
<h1>${escaped(title)}</h1>
${figures.join("\n")}
`;
}
