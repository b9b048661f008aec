import { Section } from '../../parts/section.tsx'
import { Snippet } from '../../parts/snippet.tsx'
import text from '../../parts/text.module.css'
import { t } from '../../texts/texts.ts'

interface NoRequestsProps {
  readonly organization: string
  readonly environment: string | undefined
  /** Whether the page shows the steps to the first call, or may still do so. */
  readonly isGuided: boolean
}

/** What stands where nothing was counted: how the first request comes about. */
export function NoRequests({ organization, environment = 'prod', isGuided }: NoRequestsProps) {
  const { none } = t.overview
  return (
    <Section title={none.title}>
      <p className={text.meta}>{isGuided ? none.guided : none.text}</p>
      {!isGuided && <Snippet label={none.title}>{none.command(organization, environment)}</Snippet>}
    </Section>
  )
}
