package io.rdmagid.gid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GidTest {
  @ParameterizedTest
  @CsvSource({
    "::ffff:10.0.0.5, ::ffff:10.0.0.5, 10.0.0.5, IPV4, false",
    "::ffff:169.254.1.2, ::ffff:169.254.1.2, 169.254.1.2, IPV4, true",
    "0000:0000:0000:0000:0000:ffff:0a0a:0001, ::ffff:10.10.0.1, 10.10.0.1, IPV4, false",
    "fe80:0000:0000:0000:0e42:a1ff:fe65:1f2a, fe80::e42:a1ff:fe65:1f2a, fe80::e42:a1ff:fe65:1f2a,"
        + " IPV6, true",
    "febf::1, febf::1, febf::1, IPV6, true",
    "fec0::1, fec0::1, fec0::1, IPV6, false",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1, IPV6, false",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1, 2001:0:0:1::1, IPV6, false",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1, 2001:db8::1:0:0:1, IPV6, false",
    "::1, ::1, ::1, IPV6, false",
    "1::, 1::, 1::, IPV6, false",
    "::, ::, ::, IPV6, false"
  })
  void textFamilyAndScope(
      String given, String text, String address, IpFamily family, boolean linkLocal) {
    Gid gid = Gid.parse(given);

    assertThat(gid).hasToString(text);
    assertThat(gid.address()).isEqualTo(address);
    assertThat(gid.family()).isEqualTo(family);
    assertThat(gid.isLinkLocal()).isEqualTo(linkLocal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.5",
        "fe80::1%eth0",
        "1:2:3",
        "gid",
        "::ffff:10.0.0.256",
        "1:2:3:4:5:6:7:8:9"
      })
  void refusesWhatIsNoGid(String text) {
    assertThatThrownBy(() -> Gid.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void zeroIsAnEmptySlot() {
    assertThat(Gid.parse("::").isZero()).isTrue();
    assertThat(Gid.parse("::1").isZero()).isFalse();
  }

  @Test
  void refusesTheWrongNumberOfBytes() {
    assertThatThrownBy(() -> Gid.of(new byte[4])).hasMessageContaining("16 bytes, not 4");
  }

  @Property
  void textAndBytesRoundTrip(@ForAll long high, @ForAll long low) {
    Gid gid = new Gid(high, low);

    assertThat(Gid.parse(gid.toString())).isEqualTo(gid);
    assertThat(Gid.of(gid.toBytes())).isEqualTo(gid);
  }

  @Property
  void zeroGroupsRoundTrip(@ForAll short a, @ForAll short b) {
    Gid gid = new Gid(Short.toUnsignedLong(a) << 16, Short.toUnsignedLong(b) << 32);

    assertThat(Gid.parse(gid.toString())).isEqualTo(gid);
  }

  @Property
  void anIpv4AddressIsItsMappedGid(@ForAll int bits) throws Exception {
    byte[] quad = {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
    InetAddress address = InetAddress.getByAddress(quad);

    assertThat(Gid.of(address).address()).isEqualTo(address.getHostAddress());
    assertThat(Gid.of(address).family()).isEqualTo(IpFamily.IPV4);
  }

  @Property
  void orderIsThatOfTheBytes(@ForAll long high, @ForAll long low, @ForAll long otherLow) {
    Gid gid = new Gid(high, low);
    Gid other = new Gid(high, otherLow);

    assertThat(Integer.signum(gid.compareTo(other)))
        .isEqualTo(
            Integer.signum(java.util.Arrays.compareUnsigned(gid.toBytes(), other.toBytes())));
  }

  @Test
  void whatPeopleWriteIsAnAddressOrAGid() {
    assertThat(Gid.ofAddress("10.0.0.5")).isEqualTo(Gid.parse("::ffff:10.0.0.5"));
    assertThat(Gid.ofAddress("::ffff:10.0.0.5")).isEqualTo(Gid.parse("::ffff:10.0.0.5"));
    assertThat(Gid.ofAddress("2001:db8::5")).isEqualTo(Gid.parse("2001:db8::5"));
    assertThatThrownBy(() -> Gid.ofAddress("fe80::1%1"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Gid.ofAddress("rail0")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Gid.ofAddress("")).isInstanceOf(IllegalArgumentException.class);
  }
}
