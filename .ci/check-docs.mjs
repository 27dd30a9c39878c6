// Links of README, CHANGELOG, SECURITY and docs/ lead somewhere: files that exist, headings that are there. The changelog has
// something to say about what is not released yet, or about this version. Reads files only; the web is not asked.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

const complaints = [...pages.flatMap(brokenLinks), ...emptyChangelog()];
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
else console.log(`docs: the links of ${pages.length} pages lead somewhere`);

/** @returns {string[]} one line for each link of a page that leads nowhere */
function brokenLinks(page) {
  const lines = withoutCode(readFileSync(join(root, page), 'utf8')).split('\n');
  return lines.flatMap((line, index) =>
    [...line.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) => {
      if (/^[a-z]+:/.test(target)) return [];
      const [path, anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      const at = `${page}:${index + 1}: ${target}:`;
      if (relative(root, join(root, file)).startsWith('..')) return [`${at} outside the project`];
      if (!existsSync(join(root, file))) return [`${at} there is no ${file}`];
      if (anchor === undefined || anchorsOf(file).has(anchor)) return [];
      return [`${at} ${file} has no such heading`];
    }),
  );
}

/** The headings of a page as a forge names them: lower case, punctuation left out, blanks as hyphens. */
function anchorsOf(file) {
  const headings = withoutCode(readFileSync(join(root, file), 'utf8')).matchAll(/^#+ +(.*)$/gm);
  const seen = new Map();
  const anchors = new Set();
  for (const [, heading] of headings) {
    const name = heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    anchors.add(times === 0 ? name : `${name}-${times}`);
  }
  return anchors;
}

function withoutCode(text) {
  return text
    .replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, ''))
    .replace(/`[^`\n]*`/g, (code) => code.replace(/[()[\]]/g, ' '));
}

function emptyChangelog() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [, title = '', body = ''] =
    /^## (.*)\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')) ?? [];
  const current = title === 'Unreleased' || title.startsWith(version);
  return current && /^- /m.test(body) ? [] : [`CHANGELOG.md: has no entry under "Unreleased" or ${version}`];
}
