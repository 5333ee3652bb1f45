/** Where a space can run. A template is made for exactly one platform. */
export const PLATFORMS = ['nomad', 'kubernetes', 'docker', 'local', 'manual'] as const;

export type Platform = (typeof PLATFORMS)[number];
