import '@fontsource-variable/inter/wght.css'
import '@fontsource/jetbrains-mono/400.css'
import '@fontsource/jetbrains-mono/500.css'
import './theme/mantine.css'
import './theme/tokens.css'
import './theme/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { watchNetwork } from './data/connection.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no element "root"')
watchNetwork()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
