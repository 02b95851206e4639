// The packages lie in .dev/node; "python3 dev lint" names that folder in NODE_PATH.
const js = require("@eslint/js");
const globals = require("globals");

module.exports = [
    { ignores: [".dev/", "**/static/lib/"] },
    js.configs.recommended,
    {
        files: ["**/static/**/*.js"],
        languageOptions: {
            sourceType: "module",
            globals: { ...globals.browser, Chart: "readonly", luxon: "readonly", odoo: "readonly", owl: "readonly" },
        },
        rules: {
            curly: "error",
            eqeqeq: "error",
            "no-shadow": "error",
            "no-unused-vars": ["error", { args: "none" }],
            "no-var": "error",
            "prefer-const": "error",
        },
    },
    {
        files: ["**/*.cjs"],
        languageOptions: { sourceType: "commonjs", globals: globals.node },
    },
];
