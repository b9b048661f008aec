import { useEffect, useState } from 'react'

/**
 * The part of a link after "#", which is a secret: it is read once, and taken out of the URL, so that neither the history
 * nor a screenshot has it. Empty if the link has none.
 */
export function useLinkSecret(): string {
  const [secret] = useState(() => location.hash.slice(1))
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname + location.search)
  }, [])
  return secret
}
