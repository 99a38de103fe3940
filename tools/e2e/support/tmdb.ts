/** The stand-in for TMDB, with a few titles and a poster drawn for each. */
import { built, Child } from "./child.ts";

export class Tmdb {
  private constructor(
    private readonly process: Child,
    /** The environment variables of a server that asks it. */
    readonly settings: NodeJS.ProcessEnv,
  ) {}

  static async start(): Promise<Tmdb> {
    const child = new Child("tmdb-sim", built("examples/tmdb-sim", "TMDB_SIM_BIN"), [], process.env);
    const [line] = await child.says(/^TMDB_API_URL=.*$/);
    // Its titles are offered in France.
    const settings: NodeJS.ProcessEnv = { REGION: "FR" };
    for (const pair of line.split(" ")) {
      const [name = "", value] = pair.split("=", 2);
      settings[name] = value;
    }
    return new Tmdb(child, settings);
  }

  /** Nobody answers any more. */
  async stop(): Promise<void> {
    await this.process.stop();
  }
}
