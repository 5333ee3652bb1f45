import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../render-template.js';
import { templateVariables } from './template-variables.js';

/** Names with `!` when required, then `*` when any may be read. */
function used(template: string): string {
  const { uses, dynamic } = templateVariables(parseTemplate(template));
  return [...uses.map((use) => use.name + (use.required ? '!' : '')), ...(dynamic ? ['*'] : [])].join(' ');
}

describe('the variables of a template', () => {
  it.each([
    ['${{ .var.a }} ${{ .user.name }} ${{ upper $.var.b }}', 'a! b!'],
    ['${{ if .var.a }}${{ .var.a }}${{ .var.b }}${{ end }}', 'a b!'],
    ['${{ if .var.a }}${{ else }}${{ .var.a }}${{ end }}', 'a!'],
    ['${{ if not .var.a }}x${{ else }}${{ .var.a }}${{ end }}', 'a'],
    ['${{ if not .var.a }}x${{ else if .var.b }}${{ .var.a }}${{ .var.b }}${{ end }}', 'a b'],
    ['${{ if and .var.a (eq .var.a "x") }}${{ .var.a }}${{ end }}', 'a'],
    ['${{ if or .var.a .var.b }}${{ .var.a }}${{ end }}', 'b a!'],
    ['${{ if eq .var.a "x" }}${{ end }}', 'a!'],
    ['${{ with .var.a }}${{ . }}${{ $.var.b }}${{ end }}', 'a b!'],
    ['${{ .var.a | default "x" }}${{ default "x" .var.b | upper }}', 'a b'],
    ['${{ .var.a | upper | default "x" }}', 'a!'],
    ['${{ hasKey .var "a" }}${{ if hasKey .var "b" }}${{ .var.b }}${{ end }}', 'a b'],
    [
      '${{ index .var "a" }}${{ index . "var" "b" }}${{ get .var "c" }}${{ index $.var "d" | default 1 }}',
      'a! b! c! d',
    ],
    ['${{ (.var).a }}${{ ($.var.b) }}', 'a! b!'],
    ['${{ required "say" .var.a }}${{ coalesce .var.b .var.c "x" }}', 'a b c'],
    ['${{ range split "," .var.a }}${{ . }}${{ $.var.b }}${{ end }}', 'a! b!'],
    ['${{ define "t" }}${{ .var.a }}${{ end }}${{ template "t" . }}', 'a!'],
    ['${{ define "t" }}${{ . }}${{ end }}${{ template "t" .var.a }}', 'a! *'],
    ['${{ index .var .user.name }}', '*'],
    ['${{ toJson .var }}', '*'],
    ['${{ range $k, $v := .var }}${{ end }}', '*'],
    ['${{ with .var }}${{ .a }}${{ end }}', '*'],
    ['${{ $v := .var }}${{ $v.a }}', '*'],
    ['${{ $d := $ }}${{ $d.var.a }}', '*'],
    ['${{ toJson . }}', '*'],
    ['${{ toJson .user }}${{ index . "user" "name" }}', ''],
    ['no action', ''],
  ])('%s are %j', (template, expected) => {
    expect(used(template)).toBe(expected);
  });

  it('stand at their places', () => {
    const template = 'x\n${{ if .var.b }}\n  ${{ .var.a }} ${{ .var.a }}';
    expect(templateVariables(parseTemplate(`${template}\${{ end }}`)).uses).toEqual([
      { name: 'b', required: false, line: 2, column: 8 },
      { name: 'a', required: true, line: 3, column: 7 },
    ]);
  });
});
