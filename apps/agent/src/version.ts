/** Of this program; a bundle has no package.json beside it. */
export const AGENT_VERSION = '0.1.0';
