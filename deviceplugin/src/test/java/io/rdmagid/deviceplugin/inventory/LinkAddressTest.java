package io.rdmagid.deviceplugin.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.rdmagid.gid.Gid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkAddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.5/24", "10.0.0.5/0", "10.0.0.5/32", "fd00::5/64", "fe80::1/128"})
  void isWrittenAsItIsRead(String text) {
    assertThat(LinkAddress.parse(text).text()).isEqualTo(text);
  }

  @Test
  void withoutALengthThePrefixIsTheWholeAddress() {
    assertThat(LinkAddress.parse("10.0.0.5").text()).isEqualTo("10.0.0.5/32");
    assertThat(LinkAddress.parse("fd00::5").text()).isEqualTo("fd00::5/128");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/24",
        "here/24",
        "10.0.0.5/",
        "10.0.0.5/33",
        "10.0.0.5/+1",
        "10.0.0.5/-1",
        "10.0.0.5/24/3",
        "10.0.0.5/0000",
        "fd00::5/129",
        "fe80::1%1/64",
        "10.5/24",
        "10/8",
        "fe80::1%eth0"
      })
  void anythingElseIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> LinkAddress.parse(text));
  }

  @Test
  void aPrefixThatNobodyToldIsTheUsualOne() {
    assertThat(LinkAddress.of(Gid.parse("fe80::1")).prefixLength()).isEqualTo(64);
    assertThat(LinkAddress.of(Gid.parse("fd00::1")).prefixLength()).isEqualTo(128);
    assertThat(LinkAddress.of(Gid.parse("::ffff:169.254.0.1")).prefixLength()).isEqualTo(32);
    assertThat(LinkAddress.of(Gid.parse("::ffff:10.0.0.1"), 64).prefixLength()).isEqualTo(32);
  }
}
