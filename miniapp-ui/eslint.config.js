import compat from "eslint-plugin-compat";
import solid from "eslint-plugin-solid/configs/typescript";
import tseslint from "typescript-eslint";

import { noNewer } from "./browsers/lint.js";

export default tseslint.config(
  { ignores: ["dist", "src/generated"] },
  {
    files: ["src/**/*.{ts,tsx}", "browsers/**/*.{js,ts}"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // An event handler in a view is one call, whatever it returns.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  { files: ["src/**/*.{ts,tsx}"], ...solid },
  // What some supported browser (`browserslist` in package.json) lacks. Tests run in Node.
  {
    ...compat.configs["flat/recommended"],
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/**/*.test.ts", "src/testing/**"],
    settings: { lintAllEsApis: true },
    plugins: { ...compat.configs["flat/recommended"].plugins, supported: { rules: { "no-newer": noNewer } } },
    rules: { ...compat.configs["flat/recommended"].rules, "supported/no-newer": "error" },
  },
);
