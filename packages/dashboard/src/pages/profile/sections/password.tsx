import { Button } from '@mantine/core'
import { t } from '../../../texts/texts.ts'
import { useDialogs } from '../dialogs.ts'
import { Section } from '../../../parts/settings/section.tsx'

export function Password() {
  const dialogs = useDialogs()
  const { title, lead, change } = t.profile.password
  return (
    <Section title={title} lead={lead}>
      <Button size="xs" onClick={() => dialogs.open('password')}>
        {change}
      </Button>
    </Section>
  )
}
