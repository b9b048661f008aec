import { Button } from '@mantine/core'
import type { Issuer } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Absent } from '../../../parts/absent.tsx'
import { Opened } from '../../../parts/layers/opened.tsx'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import section from '../../../parts/section-head.module.css'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { Item, ItemList } from '../../../parts/table/item-list.tsx'
import text from '../../../parts/text.module.css'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { CreateIssuer } from '../dialogs/create-issuer.tsx'
import { RemoveIssuer } from '../dialogs/remove-issuer.tsx'
import { issuerQuery, issuersQuery } from '../queries.ts'

interface IssuersProps {
  readonly organization: string
  readonly environment: string
}

/** The others whose JWTs an environment accepts. */
export function Issuers({ organization, environment }: IssuersProps) {
  const { may } = usePlace()
  const query = useQuery(issuersQuery(organization, environment))
  const [creates, setCreates] = useState(false)
  const [removed, setRemoved] = useState<Issuer>()
  const words = t.environments.issuers
  const mayChange = may('signing-keys.write', environment)
  return (
    <PanelSection label={words.title}>
      <div className={section.head}>
        <div>
          <h3>{words.title}</h3>
          <p className={text.meta}>{words.text}</p>
        </div>
        {mayChange && (
          <Button size="compact-xs" aria-label={words.addTitle(environment)} onClick={() => setCreates(true)}>
            {words.add}
          </Button>
        )}
      </div>
      <Loaded query={query} skeleton={<RowsSkeleton rows={1} />}>
        {(issuers) =>
          issuers.length === 0 ? (
            <Absent>{words.none}</Absent>
          ) : (
            <ItemList label={words.title}>
              {issuers.map((issuer) => (
                <Item
                  key={issuer.id}
                  end={
                    mayChange && (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        aria-label={words.removeOf(issuer.issuer)}
                        onClick={() => setRemoved(issuer)}
                      >
                        {words.removeWord}
                      </Button>
                    )
                  }
                >
                  {issuer.issuer}
                  <div className={text.meta}>
                    {words.audienceOf(issuer.audience.join(', '))} · {keysOf(issuer)}
                  </div>
                </Item>
              ))}
            </ItemList>
          )
        }
      </Loaded>
      {creates && (
        <CreateIssuer
          organization={organization}
          environment={environment}
          onClose={() => setCreates(false)}
        />
      )}
      {removed !== undefined && (
        <RemovedIssuer
          organization={organization}
          environment={environment}
          listed={removed}
          onClose={() => setRemoved(undefined)}
        />
      )}
    </PanelSection>
  )
}

interface RemovedIssuerProps extends IssuersProps {
  readonly listed: Issuer
  readonly onClose: () => void
}

function RemovedIssuer({ listed, ...props }: RemovedIssuerProps) {
  const { organization, environment, onClose } = props
  const query = useQuery({ ...issuerQuery(organization, environment, listed.id), staleTime: 0 })
  return (
    <Opened title={t.environments.issuers.removeTitle(listed.issuer)} query={query} onClose={onClose}>
      {(issuer) => <RemoveIssuer {...props} issuer={issuer} />}
    </Opened>
  )
}

/** Where the public keys of an issuer are. */
function keysOf({ jwksUrl, jwks }: Issuer): string {
  const { keysAt, keysGiven } = t.environments.issuers
  return jwksUrl === null ? keysGiven(jwks?.keys.length ?? 0) : keysAt(jwksUrl)
}
