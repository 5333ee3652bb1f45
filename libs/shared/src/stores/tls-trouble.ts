export interface TlsTrouble {
  readonly message: string;
  readonly hint: string;
}

const TROUBLES: readonly (readonly [RegExp, message: string, hint: (section: string) => string])[] = [
  [
    /wrong version number|packet length too long|record layer failure|does not support secure conn/i,
    'the server does not speak TLS',
    (section) => `Switch TLS on there, or set ${section}.use_tls: false.`,
  ],
  [
    /altnames/i,
    "the server's certificate is made out to other names",
    (section) => `Name the server under ${section} as its certificate does.`,
  ],
  [/has expired/, "the server's certificate has expired", () => 'Give the server a new one; look at the clocks too.'],
  [/not yet valid/, "the server's certificate is not valid yet", () => 'Look at the clocks of both machines.'],
  [
    /self-signed|unable to (get|verify)|certificate/i,
    "the server's certificate is not trusted",
    (section) => `Let ${section}.ca_file name a file with the authority that has signed it.`,
  ],
];

/** Why a store's server could not be verified, if that is what the text of an error says. */
export function tlsTrouble(text: string, section: 'server.mysql' | 'server.redis'): TlsTrouble | undefined {
  const known = TROUBLES.find(([pattern]) => pattern.test(text));
  return known && { message: known[1], hint: known[2](section) };
}
