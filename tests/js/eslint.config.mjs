// What eslint looks for in the checks: faults, and nothing of style.

import js from '@eslint/js';

/** What Node.js brings besides the language. */
const NODE = ['console', 'fetch', 'process', 'setTimeout', 'URL'];

export default [
  { ignores: ['wallets/.papi/'] },
  js.configs.recommended,
  {
    languageOptions: { globals: Object.fromEntries(NODE.map((name) => [name, 'readonly'])) },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
];
