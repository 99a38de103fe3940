/** Texts come parsed (see plugin.ts). */
declare module "*.ftl" {
  import type { FluentResource } from "@fluent/bundle";

  const resource: FluentResource;
  export default resource;
}
