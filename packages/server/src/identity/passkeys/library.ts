/**
 * The library that decodes the responses of authenticators and verifies their signatures. It is imported at first use: that
 * takes 130 ms and 23 MB, which installations without passkeys do not need.
 */
export async function webauthnLibrary() {
  const [server, helpers] = await Promise.all([
    import('@simplewebauthn/server'),
    import('@simplewebauthn/server/helpers'),
  ])
  return { ...server, ...helpers }
}
