; The Windows set-up program: copies, registers the service, puts the application into the menu and into "Apps".
; makensis /DVERSION=... /DPROGRAMS=folder /DOUTFILE=file setup.nsi ; silent with /S, as updates run it.
Unicode true
!include "MUI2.nsh"
!include "x64.nsh"

!define NAME "Supplies Assistant"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\econcierge-assistant"

Name "${NAME}"
OutFile "${OUTFILE}"
InstallDir "$PROGRAMFILES64\econcierge-assistant"
RequestExecutionLevel admin
SetCompressor /SOLID lzma
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${NAME}"
VIAddVersionKey "LegalCopyright" "econcierge"

!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\econcierge-desktop.exe"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "French"

LangString SHORTCUT ${LANG_ENGLISH} "Supplies Assistant"
LangString SHORTCUT ${LANG_FRENCH} "Assistant de fournitures"
LangString NO_SERVICE ${LANG_ENGLISH} "The monitoring service could not be registered. Run $\"$INSTDIR\econcierge-assistant.exe$\" doctor as an administrator; it says what to do."
LangString NO_SERVICE ${LANG_FRENCH} "Le service de surveillance n'a pas pu être enregistré. Exécutez $\"$INSTDIR\econcierge-assistant.exe$\" doctor en tant qu'administrateur : il indique quoi faire."

Function .onInit
  SetRegView 64
  ; A running copy is stopped first, so that its files can be replaced.
  IfFileExists "$INSTDIR\econcierge-assistant.exe" 0 +2
    nsExec::Exec '"$SYSDIR\sc.exe" stop econcierge-assistant'
FunctionEnd

Section
  SetRegView 64
  SetOutPath "$INSTDIR"
  nsExec::Exec '"$SYSDIR\taskkill.exe" /im econcierge-desktop.exe'
  File /r "${PROGRAMS}\*.*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\$(SHORTCUT).lnk" "$INSTDIR\econcierge-desktop.exe"
  WriteRegStr HKLM "${KEY}" "DisplayName" "$(SHORTCUT)"
  WriteRegStr HKLM "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${KEY}" "Publisher" "econcierge"
  WriteRegStr HKLM "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKLM "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKLM "${KEY}" "NoModify" 1
  nsExec::ExecToLog '"$INSTDIR\econcierge-assistant.exe" install'
  Pop $0
  StrCmp $0 "0" registered
    MessageBox MB_OK|MB_ICONEXCLAMATION "$(NO_SERVICE)" /SD IDOK
  registered:
SectionEnd

Section "Uninstall"
  SetRegView 64
  nsExec::Exec '"$SYSDIR\taskkill.exe" /im econcierge-desktop.exe'
  nsExec::ExecToLog '"$INSTDIR\econcierge-assistant.exe" uninstall'
  Delete "$SMPROGRAMS\Supplies Assistant.lnk"
  Delete "$SMPROGRAMS\Assistant de fournitures.lnk"
  DeleteRegKey HKLM "${KEY}"
  DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "econcierge-desktop"
  RMDir /r "$INSTDIR"
SectionEnd
