import { useEffect, useRef } from 'react';
import { NavLink, useLocation } from 'react-router';
import { texts } from '../texts/texts.js';
import { ADMINISTRATION, ROOMS } from './rooms.js';
import { useMe } from './use-me.js';
import classes from './shell.module.css';

/** The rooms that who looks may enter. */
export function MainNav() {
  const { may } = useMe();
  const administration = ADMINISTRATION.filter(({ needs }) => may(needs));
  const { pathname } = useLocation();
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    // on a telephone the rooms are a strip: the one where one is stays in sight
    nav.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  return (
    <nav ref={nav} className={classes.nav} aria-label={texts.nav.label}>
      <RoomLinks rooms={ROOMS} />
      {administration.length > 0 && (
        <>
          <div className={classes.part}>{texts.nav.administration}</div>
          <RoomLinks rooms={administration} />
        </>
      )}
    </nav>
  );
}

function RoomLinks({ rooms }: { rooms: typeof ROOMS }) {
  return rooms.map(({ to, label, Icon }) => (
    <NavLink key={to} to={to} className={classes.link}>
      <Icon size={18} stroke={1.7} aria-hidden />
      {label}
    </NavLink>
  ));
}
