export const endCookie: any = null;
export const sessionCookie: any = null;
