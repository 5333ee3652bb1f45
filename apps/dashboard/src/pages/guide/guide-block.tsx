import { Anchor, Code } from '@mantine/core';
import { Link } from 'react-router';
import { CodeText } from '../../components/code-text.js';
import { texts } from '../../texts/texts.js';
import { guideAddress } from './guide-address.js';
import { parseInline, type Block } from './parse-guide.js';
import tables from '../../components/table.module.css';

export function GuideBlock({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading': {
      const Heading = block.level > 2 ? 'h3' : 'h2';
      return (
        <Heading id={block.slug}>
          <InlineText text={block.text} />
        </Heading>
      );
    }
    case 'text':
      return (
        <p>
          <InlineText text={block.text} />
        </p>
      );
    case 'code':
      return <CodeText text={block.text} label={texts.guide.example} />;
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul';
      return (
        <List>
          {block.items.map((item, at) => (
            <li key={at}>
              <InlineText text={item} />
            </li>
          ))}
        </List>
      );
    }
    case 'table':
      return <GuideTable head={block.head} rows={block.rows} />;
  }
}

function GuideTable({ head, rows }: { head: readonly string[]; rows: readonly (readonly string[])[] }) {
  return (
    <div className={tables.frame} tabIndex={0} role="group" aria-label={head.filter((one) => one !== '').join(', ')}>
      <table className={tables.table}>
        <thead>
          <tr>
            {head.map((cell, at) =>
              cell === '' ? (
                <td key={at} />
              ) : (
                <th key={at} scope="col">
                  {cell}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, nth) => (
            <tr key={nth}>
              {row.map((cell, at) => (
                <td key={at}>
                  <InlineText text={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Words with code, weight and links; what leads out of the guide is a name, not a link. */
function InlineText({ text }: { text: string }) {
  return parseInline(text).map((piece, at) => {
    switch (piece.kind) {
      case 'text':
        return piece.text;
      case 'code':
        return <Code key={at}>{piece.text}</Code>;
      case 'strong':
        return <strong key={at}>{piece.text}</strong>;
      case 'emphasis':
        return <em key={at}>{piece.text}</em>;
      case 'link': {
        if (piece.to.startsWith('/download/')) {
          return (
            <Anchor key={at} href={piece.to} download inherit td="underline">
              {piece.text}
            </Anchor>
          );
        }
        const to = guideAddress(piece.to);
        if (to === null) return piece.text;
        return (
          <Anchor key={at} component={Link} to={to} inherit td="underline">
            {piece.text}
          </Anchor>
        );
      }
    }
  });
}
