/** An address that may be opened; `null`: it is none, or not of the web. */
export function isHttps(address: string | null): string | null {
  return address?.startsWith("https://") === true ? address : null;
}
