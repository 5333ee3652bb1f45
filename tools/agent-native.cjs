// Takes the place of what ssh2 would have built by a compiler, in what tools/build-agent.mjs makes: it looks for it, and does
// without where there is none.
throw new Error('Not in this program.');
