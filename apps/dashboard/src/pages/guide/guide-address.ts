/** The address in the dashboard of a page of the documentation: `docs/guide/health.md#storesilent`. Null: it has none. */
export function guideAddress(documentation: string): string | null {
  const [, page, section = ''] = /^(?:docs\/guide\/)?([a-z0-9-]+)\.md(#[\w-]+)?$/.exec(documentation) ?? [];
  return page === undefined ? null : `/guide/${page}${section}`;
}
