export interface LeafConfig {
  readonly location: string;
  /** Address of this server. */
  readonly origin: string;
  readonly token: string;
}

/** knot.yaml of a leaf that joins as the location. Names and tokens hold nothing that YAML would read as its own. */
export function leafConfig({ location, origin, token }: LeafConfig): string {
  return `server:
  listen: http://127.0.0.1:3000
  location: ${location}
  origin_server: ${origin}
  shared_token: ${token}
  data_path: ./knot-data/
  nomad:
    addr: http://127.0.0.1:4646
    token: ""
  local:
    enabled: false
`;
}
