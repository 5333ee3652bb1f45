import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { convertCssVariables, defaultCssVariablesResolver, mergeMantineTheme, DEFAULT_THEME } from '@mantine/core';
import { defaultClientConditions, defineConfig } from 'vite';
import { theme } from './src/app/theme.ts';

/**
 * Mantine's variables of our theme as plain CSS before `src/app/theme.css`. Mantine itself would put them into a
 * `<style>` element at run time, which `style-src 'self'` forbids.
 */
function staticTheme() {
  return {
    name: 'knot-static-theme',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('/src/app/theme.css')) return null;
      const merged = mergeMantineTheme(DEFAULT_THEME, theme);
      return `${convertCssVariables(defaultCssVariablesResolver(merged))}\n${code}`;
    },
  };
}

/** Each asset beside itself in gzip, which the origin serves as it is. */
function compressed() {
  let folder = '';
  return {
    name: 'knot-compressed',
    apply: 'build',
    configResolved: ({ root, build }) => (folder = `${root}/${build.outDir}/assets`),
    closeBundle() {
      for (const name of readdirSync(folder).filter((file) => /\.(js|css)$/.test(file))) {
        writeFileSync(`${folder}/${name}.gz`, gzipSync(readFileSync(`${folder}/${name}`), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [staticTheme(), react(), compressed()],
  resolve: { conditions: ['knot-src', ...defaultClientConditions] },
  build: {
    target: 'es2023',
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'], // those that know light-dark()
    assetsInlineLimit: 0, // no data: addresses for fonts or pictures
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': process.env.KNOT_SERVER ?? 'http://127.0.0.1:3000' } },
});
