import { Button, Text } from '@mantine/core';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { Link, NavLink, Outlet, ScrollRestoration, useLocation, useNavigate, useNavigation } from 'react-router';
import { hasCode } from '../api/problem.js';
import { signOut } from '../deeds/identity-deeds.js';
import { LiveProvider } from '../live/live-provider.js';
import { PaletteButton } from '../palette/palette-button.js';
import { meQuery } from '../queries/identity-queries.js';
import { setZone } from '../texts/format-time.js';
import { texts } from '../texts/texts.js';
import { LiveBanner } from './live-banner.js';
import { LiveSign } from './live-sign.js';
import { MainNav } from './main-nav.js';
import { preloadPages } from './pages.js';
import { useMe } from './use-me.js';
import classes from './shell.module.css';

/** What stands around every page of who is signed in. */
export function Shell() {
  useSignedOut();
  const { me } = useMe();
  setZone(me.timezone);
  useEffect(() => void preloadPages(), []);
  const { state } = useNavigation();
  return (
    <LiveProvider>
      <a href="#content" className={classes.skip}>
        {texts.nav.skip}
      </a>
      <div className={classes.shell}>
        <aside className={classes.side}>
          <Link to="/spaces" className={classes.brand}>
            <img src="/knot.svg" alt="" width={28} height={28} />
            {texts.product}
          </Link>
          <PaletteButton />
          <MainNav />
          <Foot />
        </aside>
        <div className={classes.body}>
          <LiveBanner />
          <main id="content" tabIndex={-1} className={classes.main} aria-busy={state === 'loading'}>
            <Outlet key={me.timezone} />
          </main>
        </div>
      </div>
      <ScrollRestoration />
    </LiveProvider>
  );
}

function Foot() {
  const { me } = useMe();
  const client = useQueryClient();
  const leave = async () => {
    // signed out or not: nothing of what was read stays on this machine
    await signOut().catch(() => undefined);
    client.clear();
    window.location.assign('/sign-in');
  };
  return (
    <div className={classes.foot}>
      <LiveSign />
      <NavLink
        to="/profile"
        className={classes.link}
        title={texts.nav.profile}
        aria-label={`${texts.nav.profile}: ${me.username}`}
      >
        <IconUser size={18} stroke={1.7} aria-hidden />
        <Text component="span" size="sm" truncate className={classes.word}>
          {me.username}
        </Text>
      </NavLink>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        className={classes.leave}
        leftSection={<IconLogout size={16} aria-hidden />}
        aria-label={texts.nav.signOut}
        onClick={() => void leave()}
      >
        <span className={classes.word}>{texts.nav.signOut}</span>
      </Button>
    </div>
  );
}

/** A session that ended leads to the sign-in page, and back from there. */
function useSignedOut(): void {
  const { error } = useQuery(meQuery());
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const leave = useEffectEvent(() => {
    void navigate(`/sign-in?ended&to=${encodeURIComponent(pathname + search)}`, { replace: true });
  });
  useEffect(() => {
    if (hasCode(error, 'auth.required', 'auth.failed')) leave();
  }, [error]);
}
