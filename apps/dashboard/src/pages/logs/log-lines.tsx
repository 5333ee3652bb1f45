import { Anchor, Text } from '@mantine/core';
import { IconFileText, IconSearchOff } from '@tabler/icons-react';
import { memo, useLayoutEffect, useRef } from 'react';
import { Link } from 'react-router';
import { EmptyView } from '../../components/empty-view.js';
import { LoadingRows } from '../../components/loading-rows.js';
import { ProblemView } from '../../components/problem-view.js';
import { clockTime, fullTime } from '../../texts/format-time.js';
import { texts } from '../../texts/texts.js';
import { MOST_LINES, type LogsView, type ShownLine } from './log-reader.js';
import { plainText } from './plain-text.js';
import type { LogsAsked } from './read-log-pieces.js';
import { useLogs } from './use-logs.js';
import classes from './log-lines.module.css';

/** px from the end at which one still is at the end. */
const NEAR = 40;

export function LogLines(asked: LogsAsked) {
  const { lines, state, error, retry } = useLogs(asked);
  if (state === 'failed') return <ProblemView error={error} onRetry={retry} />;
  if (state === 'reading' && lines.length === 0) return <LoadingRows rows={1} height={400} />;
  return (
    <>
      <Text c="dimmed" size="sm" role="status">
        {texts.logs.states[state]}
        {lines.length >= MOST_LINES && ` ${texts.logs.latest(MOST_LINES)}`}
      </Text>
      {lines.length === 0 ? <Nothing search={asked.search} follow={asked.follow} /> : <Lines lines={lines} />}
    </>
  );
}

function Nothing({ search, follow }: Pick<LogsAsked, 'search' | 'follow'>) {
  if (search !== '') {
    return <EmptyView icon={<IconSearchOff size={28} />} title={texts.logs.notFound(search)} />;
  }
  const hint = follow ? `${texts.logs.emptyHint} ${texts.logs.willCome}` : texts.logs.emptyHint;
  return (
    <EmptyView icon={<IconFileText size={28} />} title={texts.logs.empty} hint={hint}>
      <Anchor component={Link} to="/guide/web-ports-and-logs">
        {texts.logs.guide}
      </Anchor>
    </EmptyView>
  );
}

/** Stays at the end for as long as whoever reads is there. */
function Lines({ lines }: Pick<LogsView, 'lines'>) {
  const box = useRef<HTMLOListElement>(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    if (box.current && isAtEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  return (
    <ol
      ref={box}
      className={classes.lines}
      aria-label={texts.logs.lines}
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR;
      }}
    >
      {lines.map((line) => (
        <Line key={line.number} line={line} />
      ))}
    </ol>
  );
}

const Line = memo(function Line({ line: { at, service, level, text } }: { line: ShownLine }) {
  return (
    <li className={classes.line}>
      <time dateTime={new Date(at).toISOString()} title={fullTime(at)} className={classes.time}>
        {clockTime(at)}
      </time>
      <span className={classes.level} data-level={level}>
        {level}
      </span>
      <span className={classes.text}>
        {service !== '' && <span className={classes.service}>{plainText(service)} </span>}
        {plainText(text)}
      </span>
    </li>
  );
});
