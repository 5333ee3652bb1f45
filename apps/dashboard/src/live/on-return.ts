/** Does it whenever the network is back, or somebody looks at the page again, after a sleep of the machine perhaps. */
export function onReturn(deed: () => void): () => void {
  const ifSeen = () => document.visibilityState === 'visible' && deed();
  window.addEventListener('online', ifSeen);
  document.addEventListener('visibilitychange', ifSeen);
  return () => {
    window.removeEventListener('online', ifSeen);
    document.removeEventListener('visibilitychange', ifSeen);
  };
}
