import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLinkSecret } from '../../parts/link-secret.ts'
import { Loaded } from '../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { Alone } from '../../shell/alone.tsx'
import { t } from '../../texts/texts.ts'
import { MadeToken, type Made } from './keys/made-token.tsx'
import { OpenLink } from './opening/open-link.tsx'
import { OpenPortal } from './open-portal.tsx'
import { portalQueries } from './session/portal-client.ts'
import { standingQuery } from './session/queries.ts'

/** What the people of a consumer see: their keys, what these may call, and how much they did. */
export function PortalPage() {
  return (
    <QueryClientProvider client={portalQueries}>
      <Views />
    </QueryClientProvider>
  )
}

function Views() {
  const secret = useLinkSecret()
  // Here, so that neither the end of the session nor another link takes a token away that was not copied.
  const [made, setMade] = useState<Made>()
  return (
    <>
      {secret === '' ? <Session onMade={setMade} /> : <OpenLink key={secret} secret={secret} />}
      {made !== undefined && <MadeToken made={made} onClose={() => setMade(undefined)} />}
    </>
  )
}

const ROWS = 4

/** The session of this browser, which a page that is loaded again goes on with. */
function Session({ onMade }: { readonly onMade: (made: Made) => void }) {
  const standing = useQuery(standingQuery)
  const { data } = standing
  if (data?.kind === 'open') return <OpenPortal portal={data.portal} onMade={onMade} />
  const { loading, ended } = t.portal
  const title = data === undefined ? loading : ended.titles[data.kind]
  return (
    <Alone title={title}>
      <h1>{title}</h1>
      <Loaded query={standing} skeleton={<RowsSkeleton rows={ROWS} />}>
        {(closed) => <p role="status">{closed.kind !== 'open' && (closed.why ?? ended.left)}</p>}
      </Loaded>
    </Alone>
  )
}
