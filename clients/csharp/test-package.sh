#!/usr/bin/env bash
# Packs ClawPdp.Client with what it depends on, and builds and runs a program outside the repository that knows nothing but the
# packages. Needs what clients/test.sh gives: SUITE_ADDRESS and SUITE_TOKEN_FILE. Ends with a line `N passed, N failed, N skipped`.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'echo "0 passed, 1 failed, 0 skipped"' ERR
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

for project in src/ClawPdp.Core src/ClawPdp.Contracts src/ClawPdp.Crypto clients/csharp/ClawPdp.Client; do
  # What the suite has built is packed as it is.
  name=${project##*/}
  built=()
  [ -f "artifacts/bin/$name/release/$name.dll" ] && built=(--no-build)
  dotnet pack "$project" -c Release -v quiet "${built[@]}" -o "$folder/feed"
done
ls "$folder/feed"

# The packages of the machine are read where they lie; ours are unpacked here, so that none of another day is taken for them.
cached=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
mkdir "$folder/agent"
cat >"$folder/agent/agent.csproj" <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <RestorePackagesPath>$folder/packages</RestorePackagesPath>
    <RestoreFallbackFolders>$cached</RestoreFallbackFolders>
    <RestoreAdditionalProjectSources>$folder/feed</RestoreAdditionalProjectSources>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="ClawPdp.Client" Version="$(basename "$folder"/feed/ClawPdp.Client.*.nupkg .nupkg | sed 's/^ClawPdp\.Client\.//')" />
  </ItemGroup>
</Project>
EOF
cp clients/csharp/Examples/HolderExample.cs "$folder/agent"
# The key of RFC 8037 appendix A.1.
echo '{"crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}' >"$folder/key"
cat >"$folder/agent/Program.cs" <<'EOF'
using ClawPdp.Client;

var token = (await File.ReadAllTextAsync(args[1])).Trim();
await using var client = new ClawPdpClient(ClawPdpClientOptions.WithToken(token) with { Address = args[0] });
foreach (var tool in new[] { "github", "splunk" })
{
    var decision = await client.AuthorizeAsync(AgentAction.CallTool(tool));
    Console.WriteLine($"{tool} {decision.IsAllowed} {decision.Reason}");
}

await ClawPdp.Examples.HolderExample.RunAsync(args[0], token, args[2]);
EOF
dotnet build "$folder/agent" -c Release -v quiet -o "$folder/built"
answers=$(dotnet "$folder/built/agent.dll" "$SUITE_ADDRESS" "$SUITE_TOKEN_FILE" "$folder/key")
echo "$answers"
[ "$answers" = $'github True ALLOWED\nsplunk False TOOL_NOT_ALLOWED\nwith the key: ALLOWED\nwithout it: TOKEN_PROOF_REQUIRED' ]
echo '1 passed, 0 failed, 0 skipped'
