/**
 * How long this client waits for an answer, and how often it asks. The server counts on both numbers, so that its schema says them: with
 * another number this does not compile.
 */
import type { ClientAttempts, ClientPatienceMs } from "../generated/wire";

/** So long an answer is waited for, in ms. */
export const CLIENT_PATIENCE_MS: ClientPatienceMs = 12_000;

/** So often it is asked for what may be asked for twice. */
export const CLIENT_ATTEMPTS: ClientAttempts = 3;
