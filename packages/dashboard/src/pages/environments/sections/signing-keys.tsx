import { Button } from '@mantine/core'
import type { SigningKey } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Id } from '../../../parts/id.tsx'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import section from '../../../parts/section-head.module.css'
import { type Look, State } from '../../../parts/state.tsx'
import { Snippet } from '../../../parts/snippet.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { Item, ItemList } from '../../../parts/table/item-list.tsx'
import text from '../../../parts/text.module.css'
import { When } from '../../../parts/when.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { RemoveSigningKey } from '../dialogs/remove-signing-key.tsx'
import { RotateSigningKey } from '../dialogs/rotate-signing-key.tsx'
import { signingKeysQuery } from '../queries.ts'

interface SigningKeysProps {
  readonly organization: string
  readonly environment: string
}

const LOOKS: Readonly<Record<SigningKey['state'], Look>> = {
  signing: { tone: 'ok', mark: 'full' },
  verifying: { tone: 'info', mark: 'half' },
  retired: { tone: 'idle', mark: 'ring' },
}

/** The keys that sign the JWTs of an environment. */
export function SigningKeys({ organization, environment }: SigningKeysProps) {
  const { may } = usePlace()
  const query = useQuery(signingKeysQuery(organization, environment))
  const [rotates, setRotates] = useState(false)
  const [removed, setRemoved] = useState<string>()
  const words = t.environments.signingKeys
  const mayChange = may('signing-keys.write', environment)
  return (
    <PanelSection label={words.title}>
      <div className={section.head}>
        <div>
          <h3>{words.title}</h3>
          <p className={text.meta}>{words.text}</p>
        </div>
        {mayChange && (
          <Button size="compact-xs" onClick={() => setRotates(true)}>
            {words.rotate}
          </Button>
        )}
      </div>
      <Loaded query={query} skeleton={<RowsSkeleton rows={1} />}>
        {(keys) => (
          <ItemList label={words.title}>
            {keys.map(({ id, algorithm, state, verifiesUntil, createdAt }) => (
              <Item
                key={id}
                end={
                  <>
                    <State {...LOOKS[state]}>
                      {words.states[state]}{' '}
                      {state === 'verifying' && verifiesUntil !== null && (
                        <>
                          {words.until} <When at={verifiesUntil} />
                        </>
                      )}
                    </State>
                    {mayChange && state !== 'signing' && (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        aria-label={words.removeOf(id)}
                        onClick={() => setRemoved(id)}
                      >
                        {words.removeWord}
                      </Button>
                    )}
                  </>
                }
              >
                <Id>{id}</Id>
                <div className={text.meta}>
                  {algorithm} · <When at={createdAt} as="day" />
                </div>
              </Item>
            ))}
          </ItemList>
        )}
      </Loaded>
      <p className={text.meta}>{words.publicKeys}</p>
      <Snippet label={words.publicKeysLabel}>{words.publicKeysPath(organization, environment)}</Snippet>
      {rotates && (
        <RotateSigningKey
          organization={organization}
          environment={environment}
          onClose={() => setRotates(false)}
        />
      )}
      {removed !== undefined && (
        <RemoveSigningKey
          organization={organization}
          environment={environment}
          signingKey={removed}
          onClose={() => setRemoved(undefined)}
        />
      )}
    </PanelSection>
  )
}
