/**
 * Copying a text. The clipboard may be missing, refuse, or say nothing: in a frame without leave, in an old
 * browser, while a permission is being asked for.
 */
import { within } from "../net/patience";

/** Shorter than the few seconds for which browsers remember a tap: the old way needs one too. */
const ANSWER = 1_500;

/** Whether the text is on the clipboard now. Never rejects, and answers soon. */
export async function copied(text: string): Promise<boolean> {
  return (await within(ANSWER, write(text), false)) || writeOldWay(text);
}

async function write(text: string): Promise<boolean> {
  // Without a secure address or leave there is none, whatever its type says.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) return false;
  await clipboard.writeText(text);
  return true;
}

function writeOldWay(text: string): boolean {
  const field = document.createElement("textarea");
  const focused = document.activeElement;
  field.value = text;
  field.readOnly = true;
  field.className = "visually-hidden";
  // Beside a dialog that holds the focus it could not have it.
  (focused?.closest("[role=dialog]") ?? document.body).append(field);
  field.focus({ preventScroll: true });
  field.select();
  try {
    // Deprecated, and the only way left where the clipboard's interface is denied.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}
