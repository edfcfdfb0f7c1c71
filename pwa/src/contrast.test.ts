/** Every text colour on every ground it stands on is 7:1, every control's edge 3:1, in both themes. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./styles.css', import.meta.url), 'utf8');

function tokensOf(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(selector)).split('}')[0] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]),
  );
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const plain = ['paper', 'card'];
const washes = ['accent-wash', 'warm-wash', 'stop-wash', 'good-wash'];
const texts: [string, string[]][] = [
  ['ink', [...plain, ...washes]],
  ['quiet', [...plain, ...washes]],
  ['accent', [...plain, 'accent-wash']],
  ['warm', [...plain, 'warm-wash']],
  ['stop', [...plain, 'stop-wash']],
  ['good', [...plain, 'good-wash']],
  ['on-accent', ['accent']],
  ['on-stop', ['stop']],
  ['paper', ['ink']],
];
const edges: [string, string[]][] = [
  ['line', [...plain, ...washes]],
  ['accent', [...plain, ...washes]],
];

describe.each([
  ['light', tokensOf(':root {')],
  ['dark', { ...tokensOf(':root {'), ...tokensOf(':root[data-theme="dark"]') }],
])('the %s theme', (_, tokens) => {
  const value = (name: string) => tokens[name] ?? 'missing';
  const pairs = (table: [string, string[]][]) =>
    table.flatMap(([name, grounds]) => grounds.map((g) => [name, g] as const));

  it.each(pairs(texts))('shows text %s on %s at 7:1', (text, ground) => {
    expect(contrast(value(text), value(ground))).toBeGreaterThanOrEqual(7);
  });

  it.each(pairs(edges))('draws %s on %s at 3:1', (edge, ground) => {
    expect(contrast(value(edge), value(ground))).toBeGreaterThanOrEqual(3);
  });
});
