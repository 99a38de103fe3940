/** Rules and goals in words. */
import type { Goal, Rule } from "../generated/wire";
import { t } from "../text/texts";

export function ruleName(rule: Rule): string {
  if (rule.kind === "at_least") return t("rule-at-least", { count: rule.likes });
  return t(rule.kind === "majority" ? "rule-majority" : "rule-unanimous");
}

export function goalName(goal: Goal): string {
  if (goal.kind === "matches") return t("goal-matches", { count: goal.count });
  if (goal.kind === "timed") return t("goal-timed", { count: goal.minutes });
  return t(goal.kind === "first_match" ? "goal-first-match" : "goal-whole-deck");
}
