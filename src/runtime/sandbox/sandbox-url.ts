/**
 * `file:///bundle/sandbox.js` in workerd's new module registry, where modules' names are URLs;
 * `undefined` in the old one, where they are what they are.
 */
export const SANDBOX_URL = import.meta.url as string | undefined
