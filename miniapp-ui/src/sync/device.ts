/** What a device calls itself, for good. */
import type { Keep } from "../net/keep";

const KEY = "sovpalo.device";
/** As the contract wants it. */
const NAME = /^[0-9A-Za-z_-]{16,64}$/;

/**
 * The name of this device. The server takes a device's word on its newest connection only, so that what an older one left on its way
 * cannot come after what is said again.
 */
export function deviceOf(keep: Keep): string {
  const known = keep.get(KEY);
  if (known !== null && NAME.test(known)) return known;
  const random = crypto.getRandomValues(new Uint32Array(4));
  const device = Array.from(random, (part) => part.toString(36).padStart(7, "0")).join("-");
  keep.set(KEY, device);
  return device;
}
