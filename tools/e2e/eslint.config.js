import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules", "test-results", "screenshots", "eslint.config.js"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // A promise that nobody awaits is how a browser test lies.
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Waiting for time to pass hides what the test really waits for.
      "no-restricted-properties": [
        "error",
        { property: "waitForTimeout", message: "Wait for what should happen." },
      ],
    },
  },
);
