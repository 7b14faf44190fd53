// @ts-check
import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import prettier from "eslint-config-prettier";
import jsdoc from "eslint-plugin-jsdoc";
import tseslint from "typescript-eslint";

/** The rooms of lib in the direction that data flows: each imports only from rooms before it. */
const ROOMS = [
  "runtime",
  "recording",
  "hub",
  "data",
  "tokenization",
  "model",
  "onnx",
  "evaluation",
  "training",
  "diagnosis",
  "serving",
  "monitoring",
  "space",
  "story",
];
/** Rooms that only lib/src/index.ts may import: they show and record what the others return. */
const SHOWING_ROOMS = ["display", "tracking"];

const roomBoundaries = [...ROOMS, ...SHOWING_ROOMS].map((room) => {
  const index = ROOMS.indexOf(room);
  const later = index < 0 ? [] : ROOMS.slice(index + 1);
  const closed = [...later, ...SHOWING_ROOMS].filter((other) => other !== room);
  return {
    files: [`lib/src/${room}/**/*.ts`],
    rules: {
      "no-restricted-imports": /** @type {["error", object]} */ ([
        "error",
        {
          patterns: [
            {
              group: [...closed.map((other) => `**/${other}/**`), "**/index"],
              message: `${room} may only import from the rooms before it (${ROOMS.slice(0, Math.max(index, 0)).join(", ") || "none"}).`,
            },
          ],
        },
      ]),
    },
  };
});

export default defineConfig(
  {
    ignores: [
      "**/dist/",
      "**/node_modules/",
      "build/",
      ".venv/",
      "data/downloads/",
      "environment/.setup/",
      "environment/tfjs-node/",
      // scripts of the site's pages: no project of TypeScript knows a browser's names there
      "environment/site/static/",
      "test/fixtures/",
    ],
  },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "max-lines": ["error", { max: 250 }],
      "max-lines-per-function": ["error", { max: 50, skipComments: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // TensorFlow.js and plotly take plain objects where they declare classes
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "no-console": "off",
    },
  },
  {
    // the type checker knows Node's globals
    files: ["**/*.mjs"],
    rules: {
      "no-undef": "off",
      // a cast in a JSDoc comment is invisible to these two; tsc sees it
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  {
    files: ["lib/src/**/*.ts", "environment/kernel/src/**/*.ts"],
    ignores: ["**/*.d.ts"],
    plugins: { jsdoc },
    rules: {
      "jsdoc/require-jsdoc": [
        "error",
        {
          publicOnly: true,
          require: { ClassDeclaration: true, FunctionDeclaration: true },
          contexts: [
            "TSInterfaceDeclaration",
            "TSTypeAliasDeclaration",
            "ExportNamedDeclaration > VariableDeclaration",
            // an override says what its base says
            "MethodDefinition:not([override=true]):not([kind='constructor']):not([accessibility='private']):not([key.type='PrivateIdentifier'])",
          ],
          checkConstructors: false,
        },
      ],
    },
  },
  ...roomBoundaries,
  {
    // node:test's describe and it return promises that the runner itself awaits
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-floating-promises": [
        "error",
        {
          allowForKnownSafeCalls: [
            { from: "package", name: ["describe", "it", "test", "suite"], package: "node:test" },
          ],
        },
      ],
      "max-lines-per-function": "off",
    },
  },
  prettier,
);
