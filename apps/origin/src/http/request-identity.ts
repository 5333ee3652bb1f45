export const callOf: any = null;
export const visitorOf: any = null;
